# What ./package packs of a build with rmq: Debian packages rmq and librocketmq-remoting-dev, and a tar with both.
include(GNUInstallDirs)

# ./package gathers the licence texts before it packs.
install(FILES "${CMAKE_BINARY_DIR}/copyright/rmq" RENAME copyright DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/rmq"
  COMPONENT rmq OPTIONAL)
install(FILES "${CMAKE_BINARY_DIR}/copyright/library" RENAME copyright
  DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/librocketmq-remoting-dev" COMPONENT library OPTIONAL)

set(CPACK_COMPONENTS_ALL rmq library)
set(CPACK_PACKAGE_NAME rmq)
set(CPACK_PACKAGE_VENDOR "The authors of dolphindb_rocketmq")
set(CPACK_PACKAGE_CONTACT "${CPACK_PACKAGE_VENDOR}")
set(CPACK_PACKAGE_FILE_NAME "rmq-${PROJECT_VERSION}-linux-x86_64")
set(CPACK_PACKAGE_CHECKSUM SHA256)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_RMQ_PACKAGE_NAME rmq)
set(CPACK_DEBIAN_RMQ_PACKAGE_SECTION net)
set(CPACK_DEBIAN_RMQ_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_RMQ_DESCRIPTION "shell tool for Apache RocketMQ
Lists topics and groups, sends lines, reads and finds messages, moves
groups, and sends dead letters again. Needs no JVM.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME librocketmq-remoting-dev)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libssl-dev, zlib1g-dev, libdeflate-dev, liblz4-dev, libzstd-dev")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "client library for Apache RocketMQ's remoting protocol
Headers, a static library for C++20, and what CMake and pkg-config need
to find it.")
include(CPack)
