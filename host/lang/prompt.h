// The interactive prompt.
#pragma once

#include "lang/session.h"

namespace host {

// Reads statements from standard input until its end, `exit` or `quit`, and runs each. Errors are printed and
// do not end it, nor does Runtime::interrupt_command(): it ends the command that runs, or drops the line that
// is being typed. On a terminal lines can be edited, and the arrow keys bring back those of this prompt;
// nothing of them is kept, because they may hold secrets. Throws Interrupted after Runtime::interrupt().
void run_prompt(ScriptSession& session);

}  // namespace host
