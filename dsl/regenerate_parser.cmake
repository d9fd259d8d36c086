# cmake -P dsl/regenerate_parser.cmake: makes generated/parser anew from dsl/Rnnc.g4, with the grammar's hash beside it.
# Needs the antlr4 tool (and so Java); building rnnc does not.
cmake_minimum_required(VERSION 3.22)
get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
set(out ${root}/generated/parser)

find_program(ANTLR4 NAMES antlr4)
if(NOT ANTLR4)
  message(FATAL_ERROR "the antlr4 tool was not found (Debian: apt-get install antlr4)")
endif()
execute_process(
  COMMAND ${ANTLR4} -Dlanguage=Cpp -no-listener -no-visitor -package rnnc::dsl::grammar -Werror -encoding UTF-8
          -o ${out} Rnnc.g4
  WORKING_DIRECTORY ${root}/dsl RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "antlr4 rejected dsl/Rnnc.g4")
endif()
file(GLOB leftovers ${out}/*.interp ${out}/*.tokens)
file(REMOVE ${leftovers})
file(SHA256 ${root}/dsl/Rnnc.g4 hash)
file(WRITE ${out}/Rnnc.g4.sha256 "${hash}\n")
