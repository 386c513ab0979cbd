// What the small servers share: they end when the group stops, and being ended that way is no fault.

import NIOCore
import ServiceLifecycle

extension NIOAsyncChannel where Inbound == NIOAsyncChannel<ByteBuffer, ByteBuffer>, Outbound == Never {
    /// Serves each connection in a task of its own until the group is shut down.
    func serveUntilShutdown(_ serve: @escaping @Sendable (Inbound) async -> Void) async throws {
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingDiscardingTaskGroup { tasks in
                    try await executeThenClose { connections in
                        for try await connection in connections { tasks.addTask { await serve(connection) } }
                    }
                }
            }
        } catch is CancellationError {
            // This is how the loop over connections ends.
        }
    }
}
