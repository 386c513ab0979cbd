#include "cmemory.h"

#include <malloc.h>

void cmemory_trim(void) {
#ifdef __GLIBC__
    (void)malloc_trim(0);
#endif
}
