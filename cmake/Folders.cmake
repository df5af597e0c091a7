# A folder is a library: every .c in it but main files. The library's name is the folder's path with
# underscores: player/draw is player_draw.

set(VITRINE_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wvla -Wstrict-prototypes
  -Wmissing-prototypes -Wundef -Wpointer-arith)

function(vitrine_options target)
  target_compile_options(${target} PRIVATE ${VITRINE_WARNINGS})
  if(VITRINE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(VITRINE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=address,undefined
      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
  endif()
endfunction()

function(vitrine_folder folder)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  string(REPLACE "/" "_" target ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
  list(FILTER sources EXCLUDE REGEX "main\\.c$")
  # Inner loops stand in *_kernels.c: at -O2 GCC 12 leaves them scalar.
  set(kernels ${sources})
  list(FILTER kernels INCLUDE REGEX "_kernels\\.c$")
  set_source_files_properties(${kernels} PROPERTIES COMPILE_OPTIONS -O3)
  if(sources)
    add_library(${target} STATIC ${sources})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${target} PUBLIC ${ARG_LINKS})
    vitrine_options(${target})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${target} INTERFACE ${ARG_LINKS})
  endif()
endfunction()

# vitrine_program(name main.c... LINKS libraries); left out while its main file is missing.
function(vitrine_program name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  foreach(source ${ARG_UNPARSED_ARGUMENTS})
    if(NOT EXISTS ${CMAKE_SOURCE_DIR}/${source})
      message(STATUS "${name}: ${source} is missing, program left out")
      return()
    endif()
  endforeach()
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
  vitrine_options(${name})
  install(TARGETS ${name} DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
