// Which internet addresses a transfer may contact. The decision is a pure function of the address, so
// that names, redirects and odd spellings of numbers can't get round it: it is asked about the very
// address that a socket is opened for. Used by the callbacks of HTTPHandle and SMTPHandle.

import Glibc

/// The addresses that a transfer may contact.
///
/// Link-local, metadata, multicast, "this network", broadcast and reserved addresses are refused whatever it
/// says, and an IPv6 address that carries an IPv4 address (mapped, compatible, NAT64, 6to4) is judged by that one.
public struct AddressPolicy: Sendable, Equatable {
    /// Whether 127.0.0.0/8 and ::1 may be contacted.
    public var allowLoopback: Bool
    /// Whether private networks may be contacted (RFC 1918, 100.64.0.0/10, 198.18.0.0/15, fc00::/7).
    public var allowPrivate: Bool

    /// A policy by its parts.
    public init(allowLoopback: Bool, allowPrivate: Bool) {
        self.allowLoopback = allowLoopback
        self.allowPrivate = allowPrivate
    }

    /// Public addresses alone.
    public static let publicOnly = AddressPolicy(allowLoopback: false, allowPrivate: false)
    /// Public and private addresses, but not loopback.
    public static let includingPrivate = AddressPolicy(allowLoopback: false, allowPrivate: true)
    /// Public, private and loopback addresses.
    public static let includingLoopback = AddressPolicy(allowLoopback: true, allowPrivate: true)
}

/// The answer of a policy about one address.
enum AddressVerdict: Equatable {
    case allowed
    case refused(AddressRange)
}

extension AddressPolicy {
    func judge(_ address: IPAddress) -> AddressVerdict {
        let range = address.range
        return switch range {
        case .publicInternet: .allowed
        case .privateNetwork: allowPrivate ? .allowed : .refused(range)
        case .loopback: allowLoopback ? .allowed : .refused(range)
        case .forbidden: .refused(range)
        }
    }
}

/// The kinds of address that a policy tells apart.
enum AddressRange: Equatable {
    case publicInternet
    case privateNetwork
    case loopback
    case forbidden
}

/// An internet address in host byte order.
enum IPAddress: Equatable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Reads the 4 or 16 bytes of an address in network order; nil for any other number of bytes.
    init?(networkBytes bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4:
            self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            self = .v6(
                high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
            )
        default:
            return nil
        }
    }

    /// Reads an address as people write it, without brackets; a zone (`%eth0`) is left out of account.
    init?(_ text: String) {
        let text = text.prefix { $0 != "%" }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, String(text), &bytes) == 1 {
            self.init(networkBytes: bytes.prefix(4))
        } else if inet_pton(AF_INET6, String(text), &bytes) == 1 {
            self.init(networkBytes: bytes)
        } else {
            return nil
        }
    }

    /// The kind of network that the address belongs to.
    var range: AddressRange {
        switch self {
        case .v4(let address): Self.range(ofIPv4: address)
        case .v6(let high, let low): Self.range(ofIPv6: high, low)
        }
    }

    private static func range(ofIPv4 address: UInt32) -> AddressRange {
        switch address {
        case 0x7F00_0000...0x7FFF_FFFF:  // 127.0.0.0/8
            .loopback
        case 0x6464_64C8,  // 100.100.100.200, a cloud's metadata inside 100.64.0.0/10
            0xA83F_8110,  // 168.63.129.16, another's among public addresses
            0x0000_0000...0x00FF_FFFF,  // 0.0.0.0/8, this network
            0xA9FE_0000...0xA9FE_FFFF,  // 169.254.0.0/16, link-local and most clouds' metadata
            0xC000_0000...0xC000_00FF,  // 192.0.0.0/24, protocol assignments, one cloud's metadata
            0xE000_0000...0xFFFF_FFFF:  // 224.0.0.0/4 multicast, 240.0.0.0/4 reserved, broadcast
            .forbidden
        case 0x0A00_0000...0x0AFF_FFFF,  // 10.0.0.0/8
            0xAC10_0000...0xAC1F_FFFF,  // 172.16.0.0/12
            0xC0A8_0000...0xC0A8_FFFF,  // 192.168.0.0/16
            0x6440_0000...0x647F_FFFF,  // 100.64.0.0/10, shared by carriers
            0xC612_0000...0xC613_FFFF:  // 198.18.0.0/15, benchmarks
            .privateNetwork
        default:
            .publicInternet
        }
    }

    private static func range(ofIPv6 high: UInt64, _ low: UInt64) -> AddressRange {
        let first = UInt16(truncatingIfNeeded: high >> 48)
        let embedded = UInt32(truncatingIfNeeded: low)
        if high == 0 {
            if low == 1 { return .loopback }
            // ::/96 compatible and ::ffff:0:0/96 mapped; :: itself is judged as 0.0.0.0.
            if low >> 32 == 0 || low >> 32 == 0xFFFF { return range(ofIPv4: embedded) }
            // ::ffff:0:a.b.c.d, the translated form of RFC 2765.
            if low >> 32 == 0xFFFF_0000 { return range(ofIPv4: embedded) }
            return .forbidden
        }
        if high == 0x0064_FF9B_0000_0000, low >> 32 == 0 {  // 64:ff9b::/96, NAT64
            return range(ofIPv4: embedded)
        }
        if high >> 16 == 0x0064_FF9B_0001 {  // 64:ff9b:1::/48, a site's own NAT64, whose layout is its own
            return .forbidden
        }
        switch first {
        case 0x2002:  // 6to4, the IPv4 address in bytes 2 to 5
            return range(ofIPv4: UInt32(truncatingIfNeeded: high >> 16))
        case 0x2001 where UInt16(truncatingIfNeeded: high >> 32) == 0:  // Teredo, IPv4 in disguise
            return .forbidden
        case 0xFD00 where UInt16(truncatingIfNeeded: high >> 32) == 0x0EC2,  // fd00:ec2::/32, a cloud's metadata
            0xFD20 where UInt16(truncatingIfNeeded: high >> 32) == 0x00CE && high << 32 == 0 && low == 0x254:
            return .forbidden
        case 0xFC00...0xFDFF:  // unique local
            return .privateNetwork
        case 0xFE80...0xFEFF,  // link-local and the former site-local
            0xFF00...0xFFFF:  // multicast
            return .forbidden
        default:
            return .publicInternet
        }
    }
}
