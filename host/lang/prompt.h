// The interactive prompt.
#pragma once

#include "lang/session.h"

namespace host {

// Reads statements from standard input until its end, `exit` or `quit`, and runs each. Errors are printed and
// do not end it. Throws Interrupted on Ctrl-C.
void run_prompt(ScriptSession& session);

}  // namespace host
