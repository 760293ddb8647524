import Foundation
import ZhichaCore

/// Requests over the system's own client, with its certificates and proxies. It is called on a thread that may
/// wait, never on the main one.
public final class SessionTransport: Transport, Sendable {
    private let server: URL
    private let session: URLSession

    public init(server: URL, session: URLSession = URLSession(configuration: .ephemeral)) {
        self.server = server
        self.session = session
    }

    public func send(call: HttpCall) throws -> HttpAnswer {
        let base = server.absoluteString.hasSuffix("/") ? String(server.absoluteString.dropLast()) : server.absoluteString
        guard let url = URL(string: base + call.path) else {
            throw NetworkLost.NoAnswer(detail: "not an address: \(call.path)")
        }
        var request = URLRequest(url: url)
        request.httpMethod = call.method
        request.httpBody = call.method == "GET" ? nil : call.body
        for field in call.headers {
            request.setValue(field.value, forHTTPHeaderField: field.name)
        }
        let answered = Answered()
        let waiting = DispatchSemaphore(value: 0)
        session.dataTask(with: request) { body, response, error in
            if let status = (response as? HTTPURLResponse)?.statusCode {
                answered.result = .success(HttpAnswer(status: UInt16(status), body: body ?? Data()))
            } else {
                let detail = error.map { $0.localizedDescription } ?? "no answer"
                answered.result = .failure(NetworkLost.NoAnswer(detail: detail))
            }
            waiting.signal()
        }.resume()
        waiting.wait()
        return try answered.result.get()
    }
}

/// Where the answer is put before the semaphore is signalled and read after it was waited for.
private final class Answered: @unchecked Sendable {
    var result: Result<HttpAnswer, NetworkLost> = .failure(.NoAnswer(detail: "no answer"))
}
