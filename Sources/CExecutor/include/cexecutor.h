// Threads of our own for Swift's tasks, in place of libdispatch's pool, whose monitor wakes an idle process every second.
// Used by the program's entry; what a runtime offers for this is a hook that Swift itself can't name.
#ifndef CEXECUTOR_H
#define CEXECUTOR_H

#include <stdbool.h>

/// Runs all tasks that have no executor of their own on `threads` threads from now on.
///
/// Call it once, before the first such task starts. Returns 0, or the errno of why not one thread could be started; tasks
/// then stay where they were, on libdispatch's pool.
int cexecutor_install(int threads);

/// True when another of the threads has nothing to do, so that the calling one may wait for the disk and delay nobody.
/// False where `cexecutor_install` was not called.
bool cexecutor_is_spared(void);

/// Lets a thread of this process that is woken wait for its turn where every processor is at work, instead of interrupting
/// who woke it (SCHED_BATCH).
///
/// Under load each message, each answer and each commit wakes another thread. Uninterrupted, whoever wakes it goes on, and
/// more is ready for it when its turn comes: batches are larger, and a lead takes some 15 % less of the processor. On an
/// idle processor a woken thread begins at once as ever. Call it before there are other threads, which inherit it. Where
/// a sandbox refuses, as the one of leadbell.service does, whoever starts the program sets the policy; nothing depends on it.
void cexecutor_batch(void);

#endif
