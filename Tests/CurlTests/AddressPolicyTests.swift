// The address policy as a table: no sockets, every range and every disguise.

import Testing

@testable import Curl

@Suite("Address policy")
struct AddressPolicyTests {
    static let publicAddresses = [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::200e",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "::8.8.8.8",
    ]

    static let privateAddresses = [
        "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255", "100.64.0.0",
        "100.127.255.255", "198.18.0.0", "198.19.255.255", "fc00::1", "fd12:3456::1", "fdff:ffff::1",
        "::ffff:10.1.2.3", "64:ff9b::c0a8:101", "2002:0a01:0203::", "::192.168.0.1", "::ffff:0:10.0.0.1",
    ]

    static let loopbackAddresses = [
        "127.0.0.0", "127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "::127.0.0.1",
    ]

    static let forbiddenAddresses = [
        "0.0.0.0", "0.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255", "100.100.100.200",
        "168.63.129.16", "192.0.0.192", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::",
        "fe80::1", "febf::1", "fec0::1", "ff02::1", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254",
        "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "::ffff:0.0.0.0", "64:ff9b:1::7f00:1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fe80::1%eth0",
    ]

    private func verdict(_ text: String, _ policy: AddressPolicy) throws -> AddressVerdict {
        policy.judge(try #require(IPAddress(text), "\(text) is no address"))
    }

    @Test("public addresses may be contacted under every policy", arguments: publicAddresses)
    func publicOnes(_ address: String) throws {
        for policy in [AddressPolicy.publicOnly, .includingPrivate, .includingLoopback] {
            #expect(try verdict(address, policy) == .allowed)
        }
    }

    @Test("private addresses may be contacted where the policy includes them", arguments: privateAddresses)
    func privateOnes(_ address: String) throws {
        #expect(try verdict(address, .publicOnly) == .refused(.privateNetwork))
        #expect(try verdict(address, .includingPrivate) == .allowed)
        #expect(try verdict(address, .includingLoopback) == .allowed)
    }

    @Test(
        "loopback may be contacted where the policy includes it, and private networks don't",
        arguments: loopbackAddresses)
    func loopbackOnes(_ address: String) throws {
        #expect(try verdict(address, .publicOnly) == .refused(.loopback))
        #expect(try verdict(address, .includingPrivate) == .refused(.loopback))
        #expect(try verdict(address, .includingLoopback) == .allowed)
    }

    @Test("link-local, metadata, multicast and reserved addresses are never contacted", arguments: forbiddenAddresses)
    func forbiddenOnes(_ address: String) throws {
        for policy in [AddressPolicy.publicOnly, .includingPrivate, .includingLoopback] {
            #expect(try verdict(address, policy) == .refused(.forbidden))
        }
    }

    @Test("what is no address is not taken for one", arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "2130706433"])
    func noAddress(_ text: String) {
        #expect(IPAddress(text) == nil)
    }
}
