import CSystem

/// An act's post: what it says, and of which ledger it is meant.
struct ActPost {
  /// A JSON object, not looked at yet.
  let text: String
  /// The id of the ledger that the poster has read; nil for whichever it is.
  let ledger: String?

  /// - Throws: ``HTTPRefusal`` of status 403 for whoever may not say anything of incidents, and 415.
  static func check(_ head: HTTPHead, _ connection: HTTPConnection, socket: String?) throws(HTTPRefusal) {
    guard !connection.isInet, let socket else {
      throw HTTPRefusal(
        403, "only_unix_socket", "Acts on alerts are not taken over the port. Post them to the Unix socket http.sock.")
    }
    guard connection.mayAct(through: socket) else {
      throw HTTPRefusal(
        403, "not_allowed",
        "User \(connection.uid) may say nothing of incidents here. Ask root, the daemon's user, or to be put into the "
          + "group that owns \(socket).")
    }
    guard head["content-type"]?.prefix(while: { $0 != ";" && $0 != " " }).lowercased() == "application/json" else {
      throw HTTPRefusal(415, "wrong_content_type", "Content-Type is not application/json. Post the act as JSON.")
    }
    for (name, _) in head.query where name != "ledger" {
      throw .badQuery("'\(name.prefix(40))' is no name that an act's post can set. Leave it out.")
    }
  }
}

extension HTTPConnection {
  /// Whether whoever is at the other end may say something of incidents: root, the daemon's own user, and members of
  /// the group that owns the socket.
  func mayAct(through socket: String) -> Bool {
    uid == 0 || uid == tb_own_uid() || tb_peer_shares_group(descriptor, socket) == 1
  }
}
