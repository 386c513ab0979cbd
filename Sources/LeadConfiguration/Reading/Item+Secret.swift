// Reading references to secrets. Problems here name the reference and never what it refers to; a text in a secret's
// place is not repeated either, because it may be the secret itself.

import LeadCore

extension Item {
    /// The secret that the value refers to.
    func secret(from source: SecretSource, folder: Folder) -> Secret? {
        guard let text = text("a reference to a secret") else { return nil }
        guard let reference = SecretReference(text) else {
            error("must be a reference to a secret, not the secret itself", SecretReference.rule)
            return nil
        }
        return resolve(reference, from: source, folder: folder)
    }

    /// Looks `reference` up and checks that it is one line of text.
    func resolve(_ reference: SecretReference, from source: SecretSource, folder: Folder) -> Secret? {
        if source.isBlind { return SecretSource.placeholder }
        guard let bytes = bytes(of: reference, from: source, folder: folder) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            findings.error(position, "the secret \(reference) is not UTF-8 text")
            return nil
        }
        let value = text.hasSuffix("\r\n") || text.hasSuffix("\n") ? String(text.dropLast()) : text
        guard !value.trimmed.isEmpty else {
            findings.error(position, "the secret \(reference) is empty")
            return nil
        }
        guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            findings.error(
                position, "the secret \(reference) holds more than one line or control characters",
                "keep nothing but the secret in it")
            return nil
        }
        return Secret(value)
    }

    private func bytes(of reference: SecretReference, from source: SecretSource, folder: Folder) -> [UInt8]? {
        switch reference {
        case .environment(let name):
            guard let value = source.environment[name] else {
                findings.error(
                    position, "the secret \(reference) is not set",
                    "set the variable for the service, or check its name")
                return nil
            }
            return Array(value.utf8)
        case .file(let path):
            switch source.readFile(folder.path(path)) {
            case .read(let bytes, let isOpenToOthers):
                if isOpenToOthers {
                    findings.warn(
                        position, "the secret \(reference) is open to other users", "run chmod 600 on the file")
                }
                return bytes
            case .unreadable(let reason):
                findings.error(position, "the secret \(reference) can't be read: \(reason)")
                return nil
            }
        case .credential(let name):
            return credential(name, reference, from: source)
        }
    }

    private func credential(_ name: String, _ reference: SecretReference, from source: SecretSource) -> [UInt8]? {
        guard let directory = source.credentialsDirectory else {
            findings.error(
                position, "the secret \(reference) can't be read: there is no $CREDENTIALS_DIRECTORY",
                "systemd sets it for the service; elsewhere use env: or file:")
            return nil
        }
        // Beside its own name: that under which systemd hands over a file of the unit's credentials folder.
        var reason = ""
        for candidate in [name, SecretSource.credentialPrefix + name] {
            switch source.readFile("\(directory)/\(candidate)") {
            case .read(let bytes, _): return bytes
            case .unreadable(let why): if reason.isEmpty { reason = why }
            }
        }
        findings.error(
            position, "the secret \(reference) can't be read: \(reason)",
            "put it into /etc/leadbell/credentials/\(name) and restart the service")
        return nil
    }
}
