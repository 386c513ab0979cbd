// System calls that Swift's Glibc module does not show: timers on the wall clock. Used by LeadEngine's clock.
#ifndef CTIMER_H
#define CTIMER_H

#include <stdint.h>

/// Creates a timer on the wall clock, closed on exec; -1 and errno on failure.
int ctimer_create(void);

/// Sets the timer to an instant in milliseconds since the epoch, or disarms it when negative; -1 and errno on failure.
/// A clock that is set forward past the instant fires it at once.
int ctimer_set(int timer, int64_t milliseconds);

/// Waits until the timer fires; 0, or -1 and errno (ECANCELED when the clock was set meanwhile).
int ctimer_wait(int timer);

#endif
