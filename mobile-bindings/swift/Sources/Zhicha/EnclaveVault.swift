import CryptoKit
import Foundation
import LocalAuthentication
import Security
import ZhichaCore

/// A P-256 key of the Secure Enclave that never leaves the phone. The Keychain keeps the wrapped key, which
/// only this phone's enclave can open, and only while the phone is unlocked.
public final class EnclaveVault: KeyVault, @unchecked Sendable {
    private let account: String
    private let lock = NSLock()
    private var key: SecureEnclave.P256.Signing.PrivateKey?

    public init(account: String = "cn.zhicha.device-key") {
        self.account = account
    }

    public func publicKey() throws -> Data {
        try opened().publicKey.x963Representation
    }

    public func sign(message: Data) throws -> Data {
        do {
            return try opened().signature(for: message).rawRepresentation
        } catch let error as VaultError {
            throw error
        } catch {
            throw vaultError(error)
        }
    }

    private func opened() throws -> SecureEnclave.P256.Signing.PrivateKey {
        lock.lock()
        defer { lock.unlock() }
        if let key { return key }
        do {
            let opened = try storedKey().map { try SecureEnclave.P256.Signing.PrivateKey(dataRepresentation: $0) }
            key = try opened ?? made()
        } catch let error as VaultError {
            throw error
        } catch {
            throw vaultError(error)
        }
        guard let key else { throw VaultError.Unavailable(detail: "no key") }
        return key
    }

    private var item: [String: Any] {
        [
            kSecClass as String: kSecClassGenericPassword,
            kSecAttrAccount as String: account,
        ]
    }

    private func storedKey() throws -> Data? {
        var query = item
        query[kSecReturnData as String] = true
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        switch status {
        case errSecSuccess: return found as? Data
        case errSecItemNotFound: return nil
        case errSecInteractionNotAllowed: throw VaultError.Locked
        default: throw VaultError.Unavailable(detail: "keychain \(status)")
        }
    }

    private func made() throws -> SecureEnclave.P256.Signing.PrivateKey {
        var failure: Unmanaged<CFError>?
        let access = SecAccessControlCreateWithFlags(
            nil, kSecAttrAccessibleWhenUnlockedThisDeviceOnly, .privateKeyUsage, &failure
        )
        guard let access else { throw VaultError.Unavailable(detail: "access control") }
        let key = try SecureEnclave.P256.Signing.PrivateKey(accessControl: access)
        var added = item
        added[kSecValueData as String] = key.dataRepresentation
        added[kSecAttrAccessible as String] = kSecAttrAccessibleWhenUnlockedThisDeviceOnly
        let status = SecItemAdd(added as CFDictionary, nil)
        guard status == errSecSuccess else { throw VaultError.Unavailable(detail: "keychain \(status)") }
        return key
    }

    private func vaultError(_ error: Error) -> VaultError {
        let code = (error as NSError).code
        let locked = [Int(errSecInteractionNotAllowed), LAError.notInteractive.rawValue]
        return locked.contains(code) ? .Locked : .Unavailable(detail: String(describing: error))
    }
}
