import Foundation
import ZhichaCore

/// Sends requests. Whatever an app uses has its platform's certificates, proxies and knowledge of the connection.
public protocol Transport: Sendable {
    /// Sends a request and gives the answer, whatever its status. An error says that none came; its text is kept.
    func send(_ call: HttpCall) async throws -> HttpAnswer
}

/// Requests over the system's own client. A cancelled task ends the one under way.
public final class SessionTransport: Transport, Sendable {
    private let server: URL
    private let session: URLSession

    public init(server: URL, session: URLSession = URLSession(configuration: .ephemeral)) {
        self.server = server
        self.session = session
    }

    public func send(_ call: HttpCall) async throws -> HttpAnswer {
        let base = server.absoluteString.hasSuffix("/") ? String(server.absoluteString.dropLast()) : server.absoluteString
        guard let url = URL(string: base + call.path) else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = call.method
        request.httpBody = call.method == "GET" ? nil : call.body
        for field in call.headers {
            request.setValue(field.value, forHTTPHeaderField: field.name)
        }
        let (body, response) = try await session.data(for: request)
        guard let status = (response as? HTTPURLResponse)?.statusCode else { throw URLError(.badServerResponse) }
        return HttpAnswer(status: UInt16(status), body: body)
    }
}
