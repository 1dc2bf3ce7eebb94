import Testing
import Watch

/// The life of an incident, evidence by evidence.
@Suite struct IncidentGateTests {
  private static let levels = IncidentGate.Levels(
    pending: 1, firing: 1.5, calm: 0.8, calmBuckets: 3, newNormalBuckets: 8)

  /// The turns that evidence in tenths takes, `.` for none.
  private static func turns(_ tenths: String) -> [String] {
    var gate = IncidentGate()
    return tenths.split(separator: " ").enumerated().map { place, text in
      switch gate.step((Double(text) ?? 0) / 10, at: Int32(place), by: levels) {
      case .nothing: "."
      case .pending: "pending"
      case .fired: "fired"
      case .held: "held"
      case .passed(let ending): "passed \(ending)"
      case .resolved(let ending): "resolved \(ending)"
      }
    }
  }

  @Test func `below pending nothing happens`() { #expect(Self.turns("0 9 9 0") == [".", ".", ".", "."]) }

  @Test func `pending passes without having fired`() {
    #expect(Self.turns("10 9 7 7 7 0") == ["pending", ".", ".", ".", "passed backToNormal", "."])
  }

  @Test func `pending fires`() { #expect(Self.turns("10 14 15 20") == ["pending", ".", "fired", "held"]) }

  @Test func `evidence that flutters is one incident`() {
    #expect(
      Self.turns("15 7 7 9 7 7 7") == ["fired", "held", "held", "held", "held", "held", "resolved backToNormal"])
  }

  @Test func `what stays for eight buckets is the new normal`() {
    #expect(Self.turns("15 15 15 15 15 15 15 15 15 0").suffix(3) == ["held", "resolved newNormal", "."])
    #expect(Self.turns("10 10 10 10 10 10 10 10 10").last == "passed newNormal")
  }

  @Test func `after its end another can begin`() {
    #expect(Self.turns("15 0 0 0 15") == ["fired", "held", "held", "resolved backToNormal", "fired"])
  }
}
