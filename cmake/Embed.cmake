# embed_files(TARGET HEADER NAME file…): compiles files into TARGET as the array NAMEs and its length
# NAME_count, declared in HEADER. They are read again whenever one of them changes.
function(embed_files target header name)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.c)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${header} -DNAME=${name} "-DFILES=${ARGN}"
      -P ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
