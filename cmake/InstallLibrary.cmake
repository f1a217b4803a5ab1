# The client library as others use it: the headers of include/rocketmq, and one archive of the four rooms behind them.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

add_library(rocketmq_remoting STATIC)
foreach(room base wire transport client)
  target_sources(rocketmq_remoting PRIVATE $<TARGET_OBJECTS:rocketmq_${room}>)
endforeach()
set_target_properties(rocketmq_remoting PROPERTIES LINKER_LANGUAGE CXX EXPORT_NAME remoting)
target_compile_features(rocketmq_remoting INTERFACE cxx_std_20)
if(ROCKETMQ_CXX11_ABI)
  set(ROCKETMQ_ABI 1)
else()
  set(ROCKETMQ_ABI 0)
endif()
target_compile_definitions(rocketmq_remoting INTERFACE _GLIBCXX_USE_CXX11_ABI=${ROCKETMQ_ABI})
# The build itself links the rooms. rocketmq_remotingConfig.cmake finds these for others.
target_link_libraries(rocketmq_remoting INTERFACE
  "$<INSTALL_INTERFACE:OpenSSL::SSL;OpenSSL::Crypto;ZLIB::ZLIB;rocketmq::deflate;rocketmq::lz4;rocketmq::zstd;Threads::Threads>")

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/rocketmq_remoting")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/rocketmq" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  COMPONENT library FILES_MATCHING PATTERN "*.h")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/examples/cpp/" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/librocketmq-remoting-dev/examples"
  COMPONENT library)
install(TARGETS rocketmq_remoting EXPORT rocketmq_remotingTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT rocketmq_remotingTargets NAMESPACE rocketmq:: DESTINATION "${package_dir}" COMPONENT library)

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/rocketmq_remotingConfig.cmake.in"
  "${CMAKE_BINARY_DIR}/rocketmq_remotingConfig.cmake" INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a minor version may change what programs see.
write_basic_package_version_file("${CMAKE_BINARY_DIR}/rocketmq_remotingConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/rocketmq_remotingConfig.cmake" "${CMAKE_BINARY_DIR}/rocketmq_remotingConfigVersion.cmake"
  DESTINATION "${package_dir}" COMPONENT library)

set(pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" OR IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(ROCKETMQ_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
  set(ROCKETMQ_PC_INCLUDEDIR "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
  set(ROCKETMQ_PC_LIBDIR "${CMAKE_INSTALL_FULL_LIBDIR}")
else()
  # From where the file is, so that the directory may be moved.
  file(RELATIVE_PATH to_prefix "/prefix/${pc_dir}" "/prefix")
  set(ROCKETMQ_PC_PREFIX "\${pcfiledir}/${to_prefix}")
  set(ROCKETMQ_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
  set(ROCKETMQ_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/rocketmq_remoting.pc.in" "${CMAKE_BINARY_DIR}/rocketmq_remoting.pc" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/rocketmq_remoting.pc" DESTINATION "${pc_dir}" COMPONENT library)
