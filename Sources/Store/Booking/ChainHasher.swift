import CSystem

/// The records that a batch's seal is taken over: one layout for writer and verifier.
///
/// root = SHA-256 of a tag, a version, and one record for each row that the batch wrote, in this
/// order: calls, entries, dimensions, accounts, cards, documents, recharges; each kind by rising number.
/// A record is a byte for its kind and then its fields: integers little-endian in their full width,
/// texts and bytes led by their length in four bytes. So no two lists of rows have one record.
package struct ChainHasher: ~Copyable {
  /// The layout's version; a change of any record is a new one.
  package static let version: UInt8 = 1
  /// Stands for NULL in a record.
  package static let null = Int64.min

  private static let rootTag: StaticString = "tollbook batch root"
  private static let hashTag: StaticString = "tollbook batch hash"

  private enum Kind: UInt8 {
    case call = 1, entry, dimension, account, card, document, recharge
  }

  private let state: OpaquePointer
  private let buffer: UnsafeMutableRawPointer
  private var filled = 0

  private static let bufferBytes = 65_536
  /// Bytes of a call's record before its key and details.
  private static let callBytes = 1 + 8 * 8 + 4 + 4 + 4

  package init() {
    guard let state = tb_sha256_new() else { preconditionFailure("no memory for a digest") }
    self.state = state
    buffer = .allocate(byteCount: Self.bufferBytes, alignment: 64)
    start()
  }

  deinit {
    tb_sha256_free(state)
    buffer.deallocate()
  }

  // MARK: - Records

  /// Adds a call.
  ///
  /// `cost` and `margin` are ``null`` for none, `latency` is -1 for none; `key` is the row's bytes and
  /// `details` its text, empty for none.
  @inline(__always)
  package mutating func add(
    call seq: Int64, at: Int64, dimensionFlags: Int64, input: Int64, cacheRead: Int64, output: Int64,
    cost: Int64, margin: Int64, latency: Int32, key: UnsafeRawBufferPointer,
    details: UnsafeRawBufferPointer
  ) {
    need(Self.callBytes + 16)
    let place = buffer + filled
    place.storeBytes(of: Kind.call.rawValue, as: UInt8.self)
    store(seq, place + 1)
    store(at, place + 9)
    store(dimensionFlags, place + 17)
    store(input, place + 25)
    store(cacheRead, place + 33)
    store(output, place + 41)
    store(cost, place + 49)
    store(margin, place + 57)
    store(latency, place + 65)
    store(Int32(truncatingIfNeeded: key.count), place + 69)
    store(Int32(truncatingIfNeeded: details.count), place + 73)
    filled += Self.callBytes
    if !key.isEmpty { append(key) }
    if !details.isEmpty { append(details) }
  }

  /// Adds an entry; `reverses` and `document` are 0 for none.
  package mutating func add(
    entry id: Int64, day: Int64, kind: Int64, debit: Int64, credit: Int64, amount: Int64,
    reverses: Int64, document: Int64
  ) {
    append(Kind.entry.rawValue)
    for field in [id, day, kind, debit, credit, amount, reverses, document] { append(field) }
  }

  /// Adds a dimension.
  ///
  /// `texts` are team, project, user, key, environment, tags, route, provider, issuer, model,
  /// operation, tier, region and variant; `numbers` are provider_inferred, card, direct_card, band and
  /// unpriced_reason.
  package mutating func add(dimension id: Int64, texts: [String], numbers: [Int64]) {
    append(Kind.dimension.rawValue)
    append(id)
    for text in texts { append(text) }
    for number in numbers { append(number) }
  }

  package mutating func add(account id: Int64, name: String, commodity: String, kind: Int64) {
    append(Kind.account.rawValue)
    append(id)
    append(name)
    append(commodity)
    append(kind)
  }

  /// Adds a card; `digest` is the row's 32 bytes, which the text must match by itself.
  package mutating func add(card id: Int64, digest: UnsafeRawBufferPointer, file: String) {
    append(Kind.card.rawValue)
    append(id)
    append(Int32(truncatingIfNeeded: digest.count))
    append(digest)
    append(file)
  }

  /// Adds a document; `amount` is ``null`` for none.
  package mutating func add(
    document id: Int64, kind: String, issuer: String, reference: String, recorded: Int64,
    amount: Int64, text: String
  ) {
    append(Kind.document.rawValue)
    append(id)
    for field in [kind, issuer, reference] { append(field) }
    append(recorded)
    append(amount)
    append(text)
  }

  /// Adds a recharge; `cost` and `margin` are ``null`` for none.
  package mutating func add(
    recharge seq: Int64, document: Int64, dimension: Int64, cost: Int64, margin: Int64, state: Int64
  ) {
    append(Kind.recharge.rawValue)
    append(seq)
    append(document)
    append(dimension)
    append(cost)
    append(margin)
    append(state)
  }

  // MARK: - Digests

  /// The digest of what was added, in 32 bytes; the next batch begins.
  package mutating func root() -> [UInt8] {
    flush()
    let digest = end()
    start()
    return digest
  }

  /// Drops what was added; the next batch begins.
  package mutating func restart() {
    filled = 0
    _ = end()
    start()
  }

  /// The seal of a batch, chained to the one before.
  package static func hash(ledgerID: String, previous: [UInt8], header: BatchHeader, root: [UInt8])
    -> [UInt8]
  {
    var hasher = ChainHasher(tag: hashTag)
    hasher.append(ledgerID)
    previous.withUnsafeBytes { hasher.append($0) }
    for field in header.fields { hasher.append(field) }
    root.withUnsafeBytes { hasher.append($0) }
    hasher.flush()
    return hasher.end()
  }

  private init(tag: StaticString) {
    self.init()
    filled = 0
    begin(tag)
  }

  private mutating func start() { begin(Self.rootTag) }

  private mutating func begin(_ tag: StaticString) {
    append(UnsafeRawBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount))
    append(Self.version)
  }

  private func end() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { bytes, count in
      tb_sha256_end(state, bytes.baseAddress)
      count = 32
    }
  }

  // MARK: - Bytes

  @inline(__always) private func store<T: FixedWidthInteger>(_ value: T, _ place: UnsafeMutableRawPointer) {
    place.storeBytes(of: value.littleEndian, as: T.self)
  }

  private mutating func append<T: FixedWidthInteger>(_ value: T) {
    need(MemoryLayout<T>.size)
    store(value, buffer + filled)
    filled += MemoryLayout<T>.size
  }

  private mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      append(Int32(truncatingIfNeeded: bytes.count))
      append(UnsafeRawBufferPointer(bytes))
    }
  }

  @inline(__always) private mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    if bytes.count > Self.bufferBytes - filled { flush() }
    if bytes.count > Self.bufferBytes {
      tb_sha256_add(state, start, bytes.count)
    } else {
      (buffer + filled).copyMemory(from: start, byteCount: bytes.count)
      filled += bytes.count
    }
  }

  @inline(__always) private mutating func need(_ count: Int) {
    if filled + count > Self.bufferBytes { flush() }
  }

  private mutating func flush() {
    tb_sha256_add(state, buffer, filled)
    filled = 0
  }
}

/// The fields of a batch that its seal covers beside its rows.
package struct BatchHeader: Hashable, Sendable {
  package var id: Int64
  package var committed: Int64
  package var base: Int64
  package var firstAt: Int64
  package var lastAt: Int64
  /// ``ChainHasher/null`` for a batch without calls.
  package var firstSeq: Int64
  package var lastSeq: Int64
  package var cost: Int64
  package var unpriced: Int64

  package init(
    id: Int64, committed: Int64, base: Int64, firstAt: Int64, lastAt: Int64, firstSeq: Int64,
    lastSeq: Int64, cost: Int64, unpriced: Int64
  ) {
    self.id = id
    self.committed = committed
    self.base = base
    self.firstAt = firstAt
    self.lastAt = lastAt
    self.firstSeq = firstSeq
    self.lastSeq = lastSeq
    self.cost = cost
    self.unpriced = unpriced
  }

  fileprivate var fields: [Int64] {
    [id, committed, base, firstAt, lastAt, firstSeq, lastSeq, cost, unpriced]
  }
}
