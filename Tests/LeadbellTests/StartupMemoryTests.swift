// What start-up may give back: files' pages that nobody has written to, and nothing else.

import Testing

@testable import leadbell

@Suite("Start-up's memory")
struct StartupMemoryTests {
    @Test("code and tables of files go back; what was written to, what may be, and what has no file stays")
    func cleanRanges() {
        let maps = """
            1000-2000 r-xp 00000000 fe:00 12 /usr/bin/leadbell
            Size:                  4 kB
            Anonymous:             0 kB
            VmFlags: rd ex mr mw me
            2000-3000 r--p 00001000 fe:00 12 /usr/lib/lib with spaces.so
            Anonymous:             0 kB
            3000-4000 r--p 00002000 fe:00 12 /usr/lib/relocated.so
            Anonymous:             8 kB
            4000-5000 rw-p 00003000 fe:00 12 /usr/lib/data.so
            Anonymous:             0 kB
            5000-6000 rw-s 00000000 fe:00 13 /var/lib/leadbell/leadbell.sqlite-shm
            Anonymous:             0 kB
            6000-7000 r-xp 00000000 00:00 0 [vdso]
            Anonymous:             0 kB
            7000-8000 r--p 00000000 00:00 0
            Anonymous:             0 kB
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
            Anonymous:             0 kB
            nonsense
            """
        #expect(StartupMemory.cleanRanges(maps) == [0x1000..<0x2000, 0x2000..<0x3000])
        #expect(StartupMemory.cleanRanges("").isEmpty)
    }

    @Test("nothing is lost by it")
    func release() {
        let before = (0..<1000).map { "\($0)" }
        StartupMemory.release()
        #expect(before.joined().utf8.count == 2890)
    }
}
