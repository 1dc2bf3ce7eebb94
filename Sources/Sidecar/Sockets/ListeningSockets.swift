import CSystem

/// The sockets that lines come through: made here, or passed on by the program that started this one.
struct ListeningSockets {
  let stream: IngestSocket
  /// For datagrams; nil where they are off.
  let datagrams: IngestSocket?
  /// For HTTP; nil where it is off.
  let http: IngestSocket?
  /// For Fluent Forward; nil where it is off.
  let forward: IngestSocket?
  /// A port for HTTP that was passed on; nil when it is opened here, or off.
  let page: Int32?

  /// Takes the passed ones, and makes those that were not.
  ///
  /// - Throws: ``SidecarFault`` with what stands in the way. Nothing is left behind then.
  init(_ settings: DaemonSettings) throws(SidecarFault) {
    let passed = settings.passed
    var made: [IngestSocket] = []
    do throws(SidecarFault) {
      datagrams = try Self.make(settings.datagrams, .datagrams, passed.datagrams, &made)
      http = try Self.make(settings.httpSocket, .http, passed.http, &made)
      forward = try Self.make(settings.forward, .forward, passed.forward, &made)
      page = passed.page?.descriptor
      // Last: who can connect to it finds the others there too.
      if let passed = passed.stream {
        stream = IngestSocket(passed: passed.descriptor, path: passed.path)
      } else {
        stream = try IngestSocket(path: settings.socket)
      }
    } catch {
      for socket in made { socket.close() }
      throw error
    }
  }

  /// A passed one is taken though the settings know of none.
  private static func make(
    _ path: String?, _ kind: IngestSocket.Kind, _ passed: PassedSockets.Passed?, _ made: inout [IngestSocket]
  ) throws(SidecarFault) -> IngestSocket? {
    let socket: IngestSocket
    if let passed {
      socket = IngestSocket(passed: passed.descriptor, path: passed.path)
    } else if let path {
      socket = try IngestSocket(path: path, kind)
    } else {
      return nil
    }
    made.append(socket)
    return socket
  }
}
