# embed_files(TARGET file…): compiles files into TARGET as `embedded_files`, declared in
# server/api/embedded.h. They are read again whenever one of them changes.
function(embed_files target)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.c)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} "-DFILES=${ARGN}" -P
      ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
