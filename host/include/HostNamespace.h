// Where the SDK's names live. Servers up to 3.00.2 and all 2.00.x have them in the global namespace, later
// ones in `ddb`; the host offers both so that the plugin can be compiled in either shape.
//
// HOST_SDK_NAMESPACE_DDB   set by CMake (option HOST_SDK_NAMESPACE_DDB) to choose `namespace ddb`
// HOST_SDK_INTRUSIVE       set by CMake (option of the same name) to hold values by ObjectPtr; see
// core/Forward.h HOST_SDK_BEGIN / _END    open and close that namespace in the host's own files HOST_SDK_USE
// makes the names visible in a source file of the host or of a test
#pragma once

#ifdef HOST_SDK_NAMESPACE_DDB
#define HOST_SDK_BEGIN namespace ddb {
#define HOST_SDK_END }
#define HOST_SDK_USE                \
  namespace ddb {}                  \
  using namespace ddb; /* NOLINT */ \
  static_assert(true, "takes the semicolon")
#else
#define HOST_SDK_BEGIN
#define HOST_SDK_END
#define HOST_SDK_USE static_assert(true, "takes the semicolon")
#endif
