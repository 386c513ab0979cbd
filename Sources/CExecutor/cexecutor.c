// Jobs that are ready and threads that take from them. Nothing here waits with an end, so that a process at rest does not
// wake. Jobs run in the order in which they came, but those go first for which somebody waits: jobs of tasks of the priority
// userInitiated and above. One in eight is an ordinary one all the same, while there are any.
// Memory that runs out ends the process, as it does everywhere in Swift's runtime.
// `Task.sleep` has no hook: it waits in libdispatch.
#define _GNU_SOURCE
#include "cexecutor.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT_CALL __attribute__((swiftcall))

// Swift's runtime (Runtime/Concurrency.h): what it calls, when set, instead of its own executor.
typedef SWIFT_CALL void (*EnqueueOriginal)(void *job);
extern SWIFT_CALL void (*swift_task_enqueueGlobal_hook)(void *job, EnqueueOriginal);
// The executor is two words; two zeros are the global one.
extern SWIFT_CALL void swift_job_run(void *job, uintptr_t executor, uintptr_t implementation);

extern SWIFT_CALL uint8_t swift_concurrency_jobPriority(void *job);
enum { userInitiated = 0x19, urgentInARow = 7 };

// A thread that has done so many jobs lets others of the process have the processor, unless somebody waits for a job: those
// that carry mail and posts have little to do at a time, and what they wait for is far away. How long they get it for is the
// kernel's affair. A service has a control group of its own, so that nothing is yielded to other programs.
enum { jobsInARow = 8 };

// A ring; its capacity is a power of two.
struct jobs {
    void **ready;
    size_t first, count, capacity;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct jobs urgent, ordinary;
    int passedOver; // urgent ones that were taken while an ordinary one was ready
    int idle;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void add(struct jobs *jobs, void *job) {
    if (jobs->count == jobs->capacity) {
        size_t old = jobs->capacity;
        jobs->capacity = old == 0 ? 256 : 2 * old;
        jobs->ready = reallocarray(jobs->ready, jobs->capacity, sizeof *jobs->ready);
        if (jobs->ready == NULL) abort();
        // What had wrapped round to the front goes on behind the old end.
        for (size_t place = 0; place < jobs->first; place++) jobs->ready[old + place] = jobs->ready[place];
    }
    jobs->ready[(jobs->first + jobs->count++) & (jobs->capacity - 1)] = job;
}

static void *first(struct jobs *jobs) {
    void *job = jobs->ready[jobs->first];
    jobs->first = (jobs->first + 1) & (jobs->capacity - 1);
    jobs->count--;
    return job;
}

static void *next(void) {
    if (pool.urgent.count == 0) return first(&pool.ordinary);
    if (pool.ordinary.count == 0) return first(&pool.urgent);
    if (pool.passedOver < urgentInARow) {
        pool.passedOver++;
        return first(&pool.urgent);
    }
    pool.passedOver = 0;
    return first(&pool.ordinary);
}

static void *take(void) {
    pthread_mutex_lock(&pool.lock);
    pool.idle++;
    while (pool.urgent.count + pool.ordinary.count == 0) pthread_cond_wait(&pool.changed, &pool.lock);
    pool.idle--;
    void *job = next();
    pthread_mutex_unlock(&pool.lock);
    return job;
}

static bool is_urgent(void) {
    pthread_mutex_lock(&pool.lock);
    bool is = pool.urgent.count > 0;
    pthread_mutex_unlock(&pool.lock);
    return is;
}

static void *work(void *unused) {
    (void)unused;
    for (unsigned done = 1;; done++) {
        swift_job_run(take(), 0, 0);
        if (done % jobsInARow == 0 && !is_urgent()) sched_yield();
    }
    return NULL;
}

static SWIFT_CALL void enqueue(void *job, EnqueueOriginal original) {
    (void)original;
    bool isUrgent = swift_concurrency_jobPriority(job) >= userInitiated;
    pthread_mutex_lock(&pool.lock);
    add(isUrgent ? &pool.urgent : &pool.ordinary, job);
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

bool cexecutor_is_spared(void) {
    pthread_mutex_lock(&pool.lock);
    bool is = pool.idle > 0 && pool.urgent.count + pool.ordinary.count == 0;
    pthread_mutex_unlock(&pool.lock);
    return is;
}

void cexecutor_batch(void) {
    struct sched_param none = {0};
    (void)sched_setscheduler(0, SCHED_BATCH, &none);
}
