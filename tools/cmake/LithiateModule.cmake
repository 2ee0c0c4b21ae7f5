# Warnings, language level and sanitizers shared by every target.
add_library(lithiate_options INTERFACE)
target_compile_features(lithiate_options INTERFACE cxx_std_20)
target_compile_options(lithiate_options INTERFACE -Wall -Wextra -Wshadow -Wpedantic)
target_compile_definitions(lithiate_options INTERFACE _USE_MATH_DEFINES)
if(LITHIATE_WERROR)
  target_compile_options(lithiate_options INTERFACE -Werror)
endif()
if(LITHIATE_SANITIZE)
  target_compile_options(lithiate_options INTERFACE -fsanitize=address,undefined
                                                    -fno-sanitize-recover=all -O1 -g1)
  target_link_options(lithiate_options INTERFACE -fsanitize=address,undefined)
  # GCC 12 reports std::regex (through cxxopts.hpp) as maybe uninitialized under the sanitizers
  # (GCC bug 105562); the address and undefined-behaviour checks at run time stay.
  target_compile_options(lithiate_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
if(LITHIATE_SANITIZE_THREADS)
  target_compile_options(lithiate_options INTERFACE -fsanitize=thread -O1 -g1)
  target_link_options(lithiate_options INTERFACE -fsanitize=thread)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)

# lithiate_module(NAME SOURCES a.cpp b.cpp LINK lithiate::core ... PRIVATE_LINK ...)
# One folder of engine/, one target lithiate_NAME, alias lithiate::NAME. The presets compile several
# files of a target as one (a third of the time); APART: one by one, helpers of one name in several.
function(lithiate_module NAME)
  cmake_parse_arguments(M "APART" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(lithiate_${NAME} STATIC ${M_SOURCES})
  add_library(lithiate::${NAME} ALIAS lithiate_${NAME})
  target_include_directories(lithiate_${NAME} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/engine> $<INSTALL_INTERFACE:include/lithiate>)
  target_link_libraries(lithiate_${NAME} PUBLIC ${M_LINK} PRIVATE lithiate_options ${M_PRIVATE_LINK})
  if(M_APART)
    set_target_properties(lithiate_${NAME} PROPERTIES UNITY_BUILD OFF)
  endif()
endfunction()

# lithiate_test(NAME LABEL label SOURCES ... LINK ...): a Catch2 binary whose cases become ctest cases.
function(lithiate_test NAME)
  cmake_parse_arguments(T "APART" "LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(${NAME} ${T_SOURCES})
  target_link_libraries(${NAME} PRIVATE ${T_LINK} lithiate_test_main lithiate_options)
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${NAME} PRIVATE
    LITHIATE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    LITHIATE_FIXTURES="${PROJECT_SOURCE_DIR}/tests/fixtures")
  if(T_APART)
    set_target_properties(${NAME} PROPERTIES UNITY_BUILD OFF)
  endif()
  catch_discover_tests(${NAME} TEST_PREFIX "${NAME}: " PROPERTIES LABELS "${T_LABEL}" TIMEOUT 600)
endfunction()
