// The functions of cspawn.h over posix_spawn. The child's end is watched through a pidfd, so that neither a signal handler
// nor a second thread is needed.

#define _GNU_SOURCE
#include "cspawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// A pipe whose ends are beyond the standard descriptors, so that duplicating one of them onto those always does something.
static int open_pipe(int ends[2]) {
    int raw[2];
    if (pipe2(raw, O_CLOEXEC) < 0) return errno;
    int error = 0;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, 3);
        if (ends[i] < 0 && !error) error = errno;
        close(raw[i]);
    }
    if (error) {
        for (int i = 0; i < 2; i++)
            if (ends[i] >= 0) close(ends[i]);
    }
    return error;
}

static int start(const char *const arguments[], const char *const environment[], int input, int output, pid_t *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawn_file_actions_init(&actions);
    if (error) return error;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, input, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (!error) error = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (!error) error = posix_spawn_file_actions_addchdir_np(&actions, "/");
    if (!error) error = posix_spawnattr_setpgroup(&attributes, 0);
    if (!error) error = posix_spawnattr_setsigmask(&attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(&attributes, &all);
    short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (!error) error = posix_spawnattr_setflags(&attributes, flags);
    if (!error) {
        error = posix_spawn(child, arguments[0], &actions, &attributes, (char *const *)arguments,
                            (char *const *)environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

// Takes what can be read; 1 at its end, 0 when more may come, -1 when it is more than `limit`.
static int take(int descriptor, size_t limit, size_t *capacity, cspawn_result *result) {
    for (;;) {
        if (result->length == *capacity) {
            size_t larger = *capacity ? *capacity * 2 : 4096;
            unsigned char *bytes = realloc(result->output, larger);
            if (!bytes) return -1;
            result->output = bytes;
            *capacity = larger;
        }
        ssize_t count = read(descriptor, result->output + result->length, *capacity - result->length);
        if (count == 0) return 1;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno == EAGAIN ? 0 : 1;
        result->length += (size_t)count;
        if (result->length > limit) return -1;
    }
}

static void converse(pid_t child, int pid, int in, int out, const unsigned char *input, size_t length, size_t limit,
                     int milliseconds, int cancel, cspawn_result *result) {
    int64_t end = now() + milliseconds;
    size_t capacity = 0, given = 0;
    if (length == 0) {
        close(in);
        in = -1;
    }
    int has_ended = 0;
    result->end = cspawn_exited;
    while (!has_ended) {
        int64_t left = end - now();
        if (left <= 0) {
            result->end = cspawn_timed_out;
            break;
        }
        struct pollfd watched[4] = {
            {.fd = in, .events = POLLOUT}, {.fd = out, .events = POLLIN}, {.fd = pid, .events = POLLIN},
            {.fd = cancel, .events = POLLIN}};
        int ready = poll(watched, 4, left > INT32_MAX ? INT32_MAX : (int)left);
        if (ready < 0 && errno != EINTR) {
            result->end = cspawn_not_started;
            result->code = errno;
            break;
        }
        if (ready <= 0) continue;
        if (watched[3].revents) {
            result->end = cspawn_cancelled;
            break;
        }
        if (in >= 0 && watched[0].revents) {
            ssize_t count = write(in, input + given, length - given);
            if (count > 0) given += (size_t)count;
            int is_over = given == length || (count < 0 && errno != EAGAIN && errno != EINTR);
            if (is_over) {
                close(in);
                in = -1;
            }
        }
        // What it wrote before it ended is read after its end was seen, so nothing of it is missed.
        has_ended = watched[2].revents != 0;
        if (out >= 0 && (watched[1].revents || has_ended)) {
            int state = take(out, limit, &capacity, result);
            if (state < 0) {
                result->end = cspawn_wrote_too_much;
                break;
            }
            if (state > 0) {
                close(out);
                out = -1;
            }
        }
    }
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    // As long as its end isn't collected, its number and its group can't be anybody else's.
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (result->end != cspawn_exited) return;
    if (WIFSIGNALED(status)) {
        result->end = cspawn_signalled;
        result->code = WTERMSIG(status);
    } else {
        result->code = WEXITSTATUS(status);
    }
}

void cspawn_run(const char *const arguments[], const char *const environment[], const void *input, size_t length,
                size_t limit, int milliseconds, int cancel, cspawn_result *result) {
    memset(result, 0, sizeof *result);
    result->end = cspawn_not_started;
    // A program that doesn't read its input must not end us with SIGPIPE.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    int in[2], out[2];
    result->code = open_pipe(in);
    if (result->code) return;
    result->code = open_pipe(out);
    if (result->code) {
        close(in[0]);
        close(in[1]);
        return;
    }
    pid_t child = 0;
    result->code = start(arguments, environment, in[0], out[1], &child);
    close(in[0]);
    close(out[1]);
    if (result->code) {
        close(in[1]);
        close(out[0]);
        return;
    }
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    int pid = (int)syscall(SYS_pidfd_open, child, 0);
    if (pid < 0) {
        result->code = errno;
        close(in[1]);
        close(out[0]);
        kill(-child, SIGKILL);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        return;
    }
    converse(child, pid, in[1], out[0], input, length, limit, milliseconds, cancel, result);
    close(pid);
}

void cspawn_free(cspawn_result *result) {
    free(result->output);
    result->output = NULL;
    result->length = 0;
}

int cspawn_canceller(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void cspawn_cancel(int canceller) {
    uint64_t one = 1;
    if (write(canceller, &one, sizeof one) < 0) return;
}

void cspawn_close(int canceller) { close(canceller); }
