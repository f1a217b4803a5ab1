// The one header that a plugin for servers from 3.00.3 on includes first.
#pragma once

#include <vector>

#include "../CoreConcept.h"
#include "../Logger.h"
#include "../ScalarImp.h"
#include "../SpecialConstant.h"
#include "../TableImp.h"
#include "../Util.h"

#ifdef HOST_SDK_NAMESPACE_DDB
using argsT = std::vector<ddb::ConstantSP>;
#ifdef HOST_SDK_INTRUSIVE
// 3.00.6 makes these three global again, beside whatever a plugin makes global itself.
using ConstantSP = ddb::ConstantSP;
using DictionarySP = ddb::DictionarySP;
using Heap = ddb::Heap;
#endif
#endif
