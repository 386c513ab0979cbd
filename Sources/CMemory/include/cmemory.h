// The heap, as far as the C library lets a program look after it; its functions for that can't be named in Swift.
#ifndef CMEMORY_H
#define CMEMORY_H

/// Gives the pages of the heap on which nothing lies back to the system.
///
/// By itself the C library returns what lies free at the end of the heap, and after a rush something always lies behind it.
/// Takes some milliseconds for each hundred megabytes, in which other threads may have to wait for memory.
void cmemory_trim(void);

#endif
