// Runs one program from start to end: bytes in, bytes out, a time limit, and nothing of it left afterwards. In C because
// what has to happen between fork and exec can't be written in Swift. Used by LeadEnrichment alone.
#ifndef CSPAWN_H
#define CSPAWN_H

#include <stddef.h>

/// How a run ended.
typedef enum {
    /// By itself, with a status in `code`.
    cspawn_exited,
    /// By a signal, which is in `code`.
    cspawn_signalled,
    cspawn_timed_out,
    /// It wrote more than it may.
    cspawn_wrote_too_much,
    cspawn_cancelled,
    /// It could not be started; the system's error is in `code`.
    cspawn_not_started,
} cspawn_end;

/// What came of a run.
typedef struct {
    cspawn_end end;
    int code;
    /// What it wrote to standard output; free it with `cspawn_free`.
    unsigned char *output;
    size_t length;
} cspawn_result;

/// Runs `arguments[0]` (a path; no shell, no search) with `arguments` and `environment`, both ending with NULL, in `/`.
///
/// It gets `input` on standard input, `/dev/null` as standard error, no other descriptor of ours, default signals, and a
/// process group of its own. After `milliseconds`, after more than `limit` bytes, or once `cancel` becomes readable, the
/// group is killed; also when the program has ended and left others behind. Blocks the calling thread until then; all of
/// the thread's signals are blocked, so it must be one that does nothing else.
void cspawn_run(const char *const arguments[], const char *const environment[], const void *input, size_t length,
                size_t limit, int milliseconds, int cancel, cspawn_result *result);

/// Frees what a run wrote.
void cspawn_free(cspawn_result *result);

/// A descriptor that `cspawn_cancel` makes readable; below 0 when the system has none left.
int cspawn_canceller(void);

/// Makes a canceller readable.
void cspawn_cancel(int canceller);

/// Closes a canceller.
void cspawn_close(int canceller);

#endif
