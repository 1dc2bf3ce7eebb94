import Books
import Calls
import Units

/// What quarantine keeps of a call: its names and numbers, as compact JSON; never content.
enum QuarantineFacts {
  static func text(
    _ call: BookedCall, meters: [(Meter, Int64)], dimension: Dimension, bookedAs seq: Int64
  ) -> String {
    var members: [(name: String, json: String)] = [("id", JSONText.quoted(hex(bytes(of: call.key))))]
    let subject = dimension.subject
    let names = [
      "team", "project", "user", "key", "environment", "tags", "route", "provider", "issuer", "model",
      "operation", "tier", "region", "variant",
    ]
    for (name, text) in zip(names, subject.texts) where !text.isEmpty {
      members.append((name, JSONText.quoted(text)))
    }
    members.append(("at", JSONText.quoted(call.at.description)))
    members.append(("outcome", JSONText.quoted("\(call.outcome)")))
    for (meter, quantity) in meters where quantity != 0 { members.append((meter.name, "\(quantity)")) }
    members.append(("cost_n", call.state == .unpriced ? "null" : "\(call.cost)"))
    members.append(("state", JSONText.quoted(call.state.name)))
    if seq != 0 { members.append(("booked_as", "\(seq)")) }
    return JSONText.object(members)
  }

  private static func bytes(of key: UInt64) -> [UInt8] {
    withUnsafeBytes(of: key.bigEndian) { Array($0) }
  }
}
