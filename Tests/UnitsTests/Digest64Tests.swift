import Testing
import Units

@Suite struct Digest64Tests {
  /// Ids in the ledger are digests: these values must never change.
  ///
  /// Worked out by a second implementation, in another language.
  @Test(arguments: [
    ("", UInt64(1785673705982089342)), ("a", 18415374600804755848), ("req-1", 15793709977025315624),
    ("chatcmpl-3ecAbCdEf", 10392415048133566354),
    ("0193b1c0-77aa-7e31-9a55-0123456789ab", 10789697690986836299),
  ])
  func `a digest stays what it is`(text: String, digest: UInt64) {
    #expect(Digest64.of(text) == digest)
  }

  @Test func `a hundred thousand ids have as many digests`() {
    let digests = Set((0..<100_000).map { Digest64.of("req-\($0)") })
    #expect(digests.count == 100_000 && !digests.contains(0))
  }
}
