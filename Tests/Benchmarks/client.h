// One HTTP/1.1 connection to a server on this host, as a benchmark's client has it: a request goes out whole and its answer
// is read whole before the next. Whatever goes wrong ends the program with 1. The program says what it is called in `program`.

#ifndef CLIENT_H
#define CLIENT_H

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const char *const program;

enum { answerLimit = 64 * 1024 };

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", program, what);
    exit(1);
}

static int dial(int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("can't connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void sendAll(int fd, const char *p, size_t n) {
    while (n > 0) {
        ssize_t k = send(fd, p, n, MSG_NOSIGNAL);
        if (k <= 0) fail("the connection broke");
        p += k;
        n -= (size_t)k;
    }
}

// Reads one answer, which has to be of `status` and to say how long it is.
static void takeAnswer(int fd, const char *status) {
    char text[answerLimit + 1];
    size_t length = 0;
    for (;;) {
        ssize_t k = recv(fd, text + length, answerLimit - length, 0);
        if (k <= 0) fail("the connection broke, or an answer is too long");
        length += (size_t)k;
        text[length] = 0;
        char *end = strstr(text, "\r\n\r\n"), *size = strcasestr(text, "\ncontent-length:");
        if (!end) continue;
        if (strncmp(text, "HTTP/1.1 ", 9) != 0 || strncmp(text + 9, status, strlen(status)) != 0) fail(text);
        if (!size || size > end) fail("the answer has no Content-Length");
        if (length >= (size_t)(end + 4 - text) + strtoul(size + 16, NULL, 10)) return;
    }
}

#endif
