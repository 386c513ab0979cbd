#include "ctimer.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int ctimer_create(void) { return timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC); }

int ctimer_set(int timer, int64_t milliseconds) {
    struct itimerspec when = {0};
    if (milliseconds >= 0) {
        // An all-zero instant would disarm the timer; the epoch's first nanosecond is as good.
        when.it_value.tv_sec = milliseconds / 1000;
        when.it_value.tv_nsec = (milliseconds % 1000) * 1000000 + 1;
    }
    return timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, NULL);
}

int ctimer_wait(int timer) {
    uint64_t expirations;
    for (;;) {
        ssize_t got = read(timer, &expirations, sizeof expirations);
        if (got == sizeof expirations) return 0;
        if (got < 0 && errno == EINTR) continue;
        return -1;
    }
}
