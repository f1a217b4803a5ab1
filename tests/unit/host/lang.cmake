# Tests of the script language and the plugin loader.
rocketmq_add_tests(host_lang_tests
  SOURCES
    lang_loader_test.cpp
    lang_script_test.cpp
    lang_syntax_test.cpp
  LINKS host_lang)

# A plugin of a few functions; its SDK symbols come from the ddbhost program that loads it.
add_library(lang_test_plugin SHARED lang_test_plugin.cpp)
target_include_directories(lang_test_plugin SYSTEM PRIVATE "${PROJECT_SOURCE_DIR}/host/include")
target_compile_definitions(lang_test_plugin PRIVATE $<TARGET_PROPERTY:host_values,INTERFACE_COMPILE_DEFINITIONS>)
target_link_libraries(lang_test_plugin PRIVATE project_warnings)
set(test_plugin_dir "${CMAKE_CURRENT_BINARY_DIR}/plugins/LangTest")
set_target_properties(lang_test_plugin PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${test_plugin_dir}")
set(test_plugin_functions "echo,echo,system,1,1,0,0,(value)
countArguments,countArguments,system,2,4,0,0,(a,b,[c],[d])
fail,fail,command,0,0,0,0,()
makeHandle,makeHandle,system,1,1,0,0,(onClose)
callInThread,callInThread,system,2,2,0,0,(handler,argument)
")
file(WRITE "${test_plugin_dir}/PluginLangTest.txt" "LangTest,liblang_test_plugin.so,2.00.16\n${test_plugin_functions}")
file(WRITE "${test_plugin_dir}/old.txt" "Old,liblang_test_plugin.so,1.00.1\n${test_plugin_functions}")
file(WRITE "${test_plugin_dir}/absent.txt" "Absent,libabsent.so,2.00.16\n${test_plugin_functions}")
file(WRITE "${test_plugin_dir}/symbol.txt"
  "Symbol,liblang_test_plugin.so,2.00.16\nnoSuchSymbol,missing,system,0,0,0\n")

file(GLOB host_script_tests CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/scripts/host/*.txt")
foreach(script IN LISTS host_script_tests)
  get_filename_component(script_name "${script}" NAME_WE)
  add_test(NAME host_script_${script_name}
    COMMAND ddbhost --plugin-dir "${CMAKE_CURRENT_BINARY_DIR}/plugins" --test "${script}")
  set_tests_properties(host_script_${script_name} PROPERTIES TIMEOUT 60
    ENVIRONMENT "LANG_TEST_PLUGIN_DIR=${test_plugin_dir}")
endforeach()
