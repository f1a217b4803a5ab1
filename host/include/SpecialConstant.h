// Here for the plugin's include lines: the SDK keeps its special vectors in this file. The host's are made
// by Util::createVector and used through Vector.
#pragma once

#include "CoreConcept.h"
