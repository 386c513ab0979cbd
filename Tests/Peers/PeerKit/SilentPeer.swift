// Peers that do nothing, made of a socket alone: one that takes connections and never speaks, one that does not even
// take them, and a port where nobody listens.

import Foundation

/// A listening socket that nobody serves.
public final class SilentPeer: Sendable {
    /// The TCP port on 127.0.0.1.
    public let port: Int
    private let sockets: [Int32]

    /// Connections succeed, and then nothing comes.
    public static func accepting() throws -> SilentPeer {
        let (socket, port) = try listen(backlog: 64)
        return SilentPeer(port: port, sockets: [socket])
    }

    /// Connections hang: the queue of those that wait to be taken is full.
    public static func full() throws -> SilentPeer {
        let (listener, port) = try listen(backlog: 0)
        var fillers: [Int32] = []
        for _ in 0..<4 {
            let filler = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            _ = fcntl(filler, F_SETFL, O_NONBLOCK)
            var address = loopback(port: port)
            // In progress or connected; either fills the queue.
            _ = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(filler, $0, length) }
            }
            fillers.append(filler)
        }
        return SilentPeer(port: port, sockets: [listener] + fillers)
    }

    /// A port where nobody listens: connections are refused.
    public static func refusedPort() throws -> Int {
        let (socket, port) = try listen(backlog: 0)
        close(socket)
        return port
    }

    private init(port: Int, sockets: [Int32]) {
        self.port = port
        self.sockets = sockets
    }

    deinit {
        for socket in sockets { close(socket) }
    }

    private static let length = socklen_t(MemoryLayout<sockaddr_in>.size)

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func listen(backlog: Int32) throws -> (socket: Int32, port: Int) {
        let listener = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = loopback(port: 0)
        var size = length
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && Foundation.listen(listener, backlog) == 0
                    ? getsockname(listener, address, &size) : -1
            }
        }
        guard listener >= 0, code == 0 else { throw PeerFault(description: "no listening socket") }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }
}
