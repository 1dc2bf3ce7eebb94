import CScan
import Units

/// Finds the rule of a key in one probe or two: an open-addressing table made once.
///
/// Holds memory of its own for as long as the program runs.
struct KeyTable: @unchecked Sendable {
  static let shared = KeyTable()

  private struct Entry {
    var hash: UInt64 = 0
    var name: UnsafePointer<UInt8>?
    var length: Int32 = 0
    var action = KeyAction.ignore
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let mask: Int
  /// Longer keys have no rule.
  private let longest: Int

  private init() {
    let rules = KeyRules.all
    let capacity = 2048
    precondition(rules.count * 3 < capacity, "the key table is too full to be quick")
    entries = .allocate(capacity: capacity)
    entries.initialize(repeating: Entry(), count: capacity)
    mask = capacity - 1
    longest = rules.map(\.name.utf8.count).max() ?? 0
    for rule in rules {
      let name = UnsafeMutablePointer<UInt8>.allocate(capacity: rule.name.utf8.count)
      for (place, byte) in rule.name.utf8.enumerated() { name[place] = byte }
      let hash = Self.hash(name, rule.name.utf8.count, rule.context)
      var place = Int(truncatingIfNeeded: hash) & mask
      while let other = entries[place].name {
        let same =
          entries[place].hash == hash && Int(entries[place].length) == rule.name.utf8.count
          && tb_equal(other, name, rule.name.utf8.count) != 0
        precondition(!same, "\(rule.context) has two rules for \(rule.name)")
        place = (place + 1) & mask
      }
      entries[place] = Entry(
        hash: hash, name: UnsafePointer(name), length: Int32(rule.name.utf8.count),
        action: rule.action)
    }
  }

  /// What to do with that key in that object; nil for a key that means nothing.
  @inline(__always)
  func action(_ name: UnsafePointer<UInt8>, _ length: Int, in context: Context) -> KeyAction? {
    guard length <= longest else { return nil }
    let hash = Self.hash(name, length, context)
    var place = Int(truncatingIfNeeded: hash) & mask
    while let candidate = entries[place].name {
      if entries[place].hash == hash, Int(entries[place].length) == length,
        tb_equal(candidate, name, length) != 0
      {
        return entries[place].action
      }
      place = (place + 1) & mask
    }
    return nil
  }

  /// Length, context, first and last bytes: enough to part all our keys, and cheap.
  @inline(__always)
  private static func hash(
    _ name: UnsafePointer<UInt8>, _ length: Int, _ context: Context
  ) -> UInt64 {
    var head: UInt64 = 0
    var tail: UInt64 = 0
    let raw = UnsafeRawPointer(name)
    if length >= 8 {
      head = raw.loadUnaligned(as: UInt64.self)
      tail = raw.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
    } else if length >= 4 {
      head = UInt64(raw.loadUnaligned(as: UInt32.self))
      tail = UInt64(raw.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self))
    } else {
      for place in 0..<length { head = head &<< 8 | UInt64(name[place]) }
    }
    var hash = head ^ (tail &* 0x9e37_79b9_7f4a_7c15)
    hash ^= UInt64(length) &<< 8 | UInt64(context.rawValue)
    hash = hash &* 0xff51_afd7_ed55_8ccd
    return hash ^ (hash &>> 32)
  }
}
