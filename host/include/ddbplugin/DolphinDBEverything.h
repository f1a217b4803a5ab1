// The one header that a plugin for servers from 3.00.3 on includes first.
#pragma once

#include "../CoreConcept.h"
#include "../Logger.h"
#include "../ScalarImp.h"
#include "../SpecialConstant.h"
#include "../TableImp.h"
#include "../Util.h"
