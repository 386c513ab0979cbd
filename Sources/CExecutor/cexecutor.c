// A queue of jobs that are ready and threads that take from it. Nothing here waits with an end, so that a process at rest
// does not wake. Jobs run in the order in which they came: the priorities of tasks are hints, and nothing here sets any.
// Memory that runs out ends the process, as it does everywhere in Swift's runtime.
// `Task.sleep` has no hook: it waits in libdispatch.
#define _GNU_SOURCE
#include "cexecutor.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT_CALL __attribute__((swiftcall))

// Swift's runtime (Runtime/Concurrency.h): what it calls, when set, instead of its own executor.
typedef SWIFT_CALL void (*EnqueueOriginal)(void *job);
extern SWIFT_CALL void (*swift_task_enqueueGlobal_hook)(void *job, EnqueueOriginal);
// The executor is two words; two zeros are the global one.
extern SWIFT_CALL void swift_job_run(void *job, uintptr_t executor, uintptr_t implementation);

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void **ready; // a ring; its capacity is a power of two
    size_t first, count, capacity;
    int idle;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void add(void *job) {
    if (pool.count == pool.capacity) {
        size_t old = pool.capacity;
        pool.capacity = old == 0 ? 256 : 2 * old;
        pool.ready = reallocarray(pool.ready, pool.capacity, sizeof *pool.ready);
        if (pool.ready == NULL) abort();
        // What had wrapped round to the front goes on behind the old end.
        for (size_t place = 0; place < pool.first; place++) pool.ready[old + place] = pool.ready[place];
    }
    pool.ready[(pool.first + pool.count++) & (pool.capacity - 1)] = job;
}

static void *take(void) {
    pthread_mutex_lock(&pool.lock);
    pool.idle++;
    while (pool.count == 0) pthread_cond_wait(&pool.changed, &pool.lock);
    pool.idle--;
    void *job = pool.ready[pool.first];
    pool.first = (pool.first + 1) & (pool.capacity - 1);
    pool.count--;
    pthread_mutex_unlock(&pool.lock);
    return job;
}

static void *work(void *unused) {
    (void)unused;
    for (;;) swift_job_run(take(), 0, 0);
    return NULL;
}

static SWIFT_CALL void enqueue(void *job, EnqueueOriginal original) {
    (void)original;
    pthread_mutex_lock(&pool.lock);
    add(job);
    bool wake = pool.idle > 0;
    pthread_mutex_unlock(&pool.lock);
    if (wake) pthread_cond_signal(&pool.changed);
}

int cexecutor_install(int threads) {
    int started = 0, error = 0;
    while (started < threads) {
        pthread_t thread;
        error = pthread_create(&thread, NULL, work, NULL);
        if (error != 0) break;
        pthread_setname_np(thread, "tasks");
        pthread_detach(thread);
        started++;
    }
    if (started == 0) return error;
    swift_task_enqueueGlobal_hook = enqueue;
    return 0;
}
