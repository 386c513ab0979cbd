// Threads of our own for Swift's tasks, in place of libdispatch's pool, whose monitor wakes an idle process every second.
// Used by the program's entry; what a runtime offers for this is a hook that Swift itself can't name.
#ifndef CEXECUTOR_H
#define CEXECUTOR_H

/// Runs all tasks that have no executor of their own on `threads` threads from now on.
///
/// Call it once, before the first such task starts. Returns 0, or the errno of why not one thread could be started; tasks
/// then stay where they were, on libdispatch's pool.
int cexecutor_install(int threads);

#endif
