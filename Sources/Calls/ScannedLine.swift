/// What a line says, by slot: where each value we read is.
///
/// One word that points to memory of its own, because it is handed around a dozen times a line.
/// ``deallocate()`` gives the memory back.
struct ScannedLine {
  private struct Findings {
    var base: UnsafePointer<UInt8>
    /// Which slots are of this line, a bit each.
    var present: (UInt64, UInt64, UInt64) = (0, 0, 0)
    var tagCount = 0
    var unknownCount = 0
    var sawUsage = false
    var sawUnits = false
    var sawHello = false
    var sawSign = false
    var sawKind = false
    var misfit: Refusal?
    var searches: Int64 = 0
    var unknownDefault: Slice?
    var modalities = ModalityCounts()
    let slots: UnsafeMutablePointer<Slice>
    let tags: UnsafeMutablePointer<(key: Slice, value: Slice)>
    let unknown: UnsafeMutablePointer<Slice>
  }

  private let findings: UnsafeMutablePointer<Findings>

  init() {
    let slots = UnsafeMutablePointer<Slice>.allocate(capacity: Slot.allCases.count)
    slots.initialize(repeating: .absent, count: Slot.allCases.count)
    findings = .allocate(capacity: 1)
    findings.initialize(
      to: Findings(
        base: UnsafePointer(UnsafeRawPointer(slots).assumingMemoryBound(to: UInt8.self)),
        slots: slots, tags: .allocate(capacity: Limits.tags),
        unknown: .allocate(capacity: Limits.unknownKeys)))
  }

  func deallocate() {
    findings.pointee.slots.deallocate()
    findings.pointee.tags.deallocate()
    findings.pointee.unknown.deallocate()
    findings.deallocate()
  }

  /// Forgets the last line, and takes up the one that begins at `base`.
  func begin(_ base: UnsafePointer<UInt8>) {
    findings.pointee.base = base
    findings.pointee.present = (0, 0, 0)
    findings.pointee.tagCount = 0
    findings.pointee.unknownCount = 0
    findings.pointee.sawUsage = false
    findings.pointee.sawUnits = false
    findings.pointee.sawHello = false
    findings.pointee.sawSign = false
    findings.pointee.sawKind = false
    findings.pointee.misfit = nil
    findings.pointee.searches = 0
    findings.pointee.unknownDefault = nil
    findings.pointee.modalities = ModalityCounts()
  }

  // MARK: - Slots

  var base: UnsafePointer<UInt8> { findings.pointee.base }

  /// Whether the line states the slot's value; null states nothing.
  @inline(__always) func has(_ slot: Slot) -> Bool {
    let kind = self[slot].kind
    return kind != .absent && kind != .null
  }

  /// The slot's slice, `absent` when the line does not have it.
  @inline(__always) subscript(slot: Slot) -> Slice {
    isSet(slot) ? findings.pointee.slots[Int(slot.rawValue)] : .absent
  }

  @inline(__always) func bytes(of slice: Slice) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: findings.pointee.base + Int(slice.offset), count: slice.length)
  }

  @inline(__always) private func isSet(_ slot: Slot) -> Bool {
    let place = slot.rawValue
    let present = findings.pointee.present
    let word = place < 64 ? present.0 : place < 128 ? present.1 : present.2
    return word & (1 &<< UInt64(place & 63)) != 0
  }

  /// Notes a value.
  ///
  /// - Throws: `duplicateKey` when the slot has one.
  @inline(__always) func set(_ slot: Slot, _ slice: Slice) throws(Refusal) {
    guard !isSet(slot) else { throw .duplicateKey }
    let place = slot.rawValue
    let bit: UInt64 = 1 &<< UInt64(place & 63)
    if place < 64 {
      findings.pointee.present.0 |= bit
    } else if place < 128 {
      findings.pointee.present.1 |= bit
    } else {
      findings.pointee.present.2 |= bit
    }
    findings.pointee.slots[Int(place)] = slice
  }

  // MARK: - The rest

  var tagCount: Int { findings.pointee.tagCount }
  /// The first ``tagCount`` are of this line.
  var tags: UnsafeMutablePointer<(key: Slice, value: Slice)> { findings.pointee.tags }

  /// Notes a tag; ask ``tagCount`` for room first.
  func add(tag key: Slice, _ value: Slice) {
    findings.pointee.tags[tagCount] = (key, value)
    findings.pointee.tagCount += 1
  }

  var unknownCount: Int { findings.pointee.unknownCount }
  /// Usage members with a number above nought that no meter holds, the first few of them.
  var unknown: UnsafeMutablePointer<Slice> { findings.pointee.unknown }

  func add(unknown key: Slice) {
    guard unknownCount < Limits.unknownKeys else { return }
    findings.pointee.unknown[unknownCount] = key
    findings.pointee.unknownCount += 1
  }

  /// A usage object stood in the line, if only an empty one.
  var sawUsage: Bool {
    get { findings.pointee.sawUsage }
    nonmutating set { findings.pointee.sawUsage = newValue }
  }
  var sawUnits: Bool {
    get { findings.pointee.sawUnits }
    nonmutating set { findings.pointee.sawUnits = newValue }
  }
  var sawHello: Bool {
    get { findings.pointee.sawHello }
    nonmutating set { findings.pointee.sawHello = newValue }
  }
  /// A key stood in the line by which another program's shape may be told.
  var sawSign: Bool {
    get { findings.pointee.sawSign }
    nonmutating set { findings.pointee.sawSign = newValue }
  }
  /// The line says what kind of object it is, as responses and parts of streams do.
  var sawKind: Bool {
    get { findings.pointee.sawKind }
    nonmutating set { findings.pointee.sawKind = newValue }
  }
  /// What is wrong with the line unless it is of another program's shape.
  var misfit: Refusal? {
    get { findings.pointee.misfit }
    nonmutating set { findings.pointee.misfit = newValue }
  }
  /// Searches among the items of a response's `output`.
  var searches: Int64 {
    get { findings.pointee.searches }
    nonmutating set { findings.pointee.searches = newValue }
  }
  /// The name of a member of a hello's `defaults` that is no field of a call.
  var unknownDefault: Slice? {
    get { findings.pointee.unknownDefault }
    nonmutating set { findings.pointee.unknownDefault = newValue }
  }
  /// Tokens by modality, as Gemini lists them: audio and image, in the prompt and in the answer.
  var modalities: ModalityCounts {
    get { findings.pointee.modalities }
    nonmutating set { findings.pointee.modalities = newValue }
  }
}
