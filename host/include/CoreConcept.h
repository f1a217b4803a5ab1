// The concepts every other header builds on: values, vectors, dictionaries, tables, functions, sessions.
// The SDK has them in one file; here each concept has its own under core/.
#pragma once

// The server release the host stands for. A plugin's descriptor must name it in its first line.
#define serverVersion "2.00.16"

#include "Concurrent.h"
#include "DolphinString.h"
#include "Exceptions.h"
#include "SmartPointer.h"
#include "Types.h"
#include "core/Constant.h"
#include "core/Dictionary.h"
#include "core/Forward.h"
#include "core/FunctionDef.h"
#include "core/Session.h"
#include "core/Table.h"
#include "core/Vector.h"
