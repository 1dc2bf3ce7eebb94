import Units

extension CallDecoder {
  /// Sets outcome and HTTP status; tells whether the line stated one.
  func outcome(_ call: inout Call) throws(Refusal) -> Bool {
    let slice = line[.status]
    guard slice.kind != .absent, slice.kind != .null else { return false }
    let bytes = line.bytes(of: slice)
    if slice.kind == .number || bytes.first.map({ $0 &- 48 < 10 }) ?? false {
      let code = try CountText.whole(bytes)
      guard code < 1000 else { throw .badNumber }
      call.httpStatus = Int16(code)
      call.outcome = code == 499 ? .canceled : code >= 400 ? .error : .ok
      return true
    }
    guard slice.isText else { throw .wrongType }
    func isAny(_ names: StaticString...) -> Bool {
      names.contains {
        bytes.elementsEqual(UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount))
      }
    }
    if isAny("ok", "success", "succeeded", "completed", "incomplete") {
      call.outcome = .ok
    } else if isAny("canceled", "cancelled") {
      call.outcome = .canceled
    } else {
      call.outcome = .error
    }
    return true
  }

  /// Usage of media calls that return nothing but media, from what was asked for.
  func readParameters(_ call: inout Call) throws(Refusal) {
    guard call.outcome == .ok, line[.operation].kind == .text else { return }
    let operation = line.bytes(of: line[.operation])
    if operation.elementsEqual("image".utf8) {
      guard line.has(.count) || line.has(.size) else { return }
      let images = try UsageReading.count(line, .count) ?? 1
      guard images <= Usage.wholeQuantityMax else { throw .countTooLarge }
      call.usage[.images] = images
      if let pixels {
        let (all, tooMany) = images.multipliedReportingOverflow(by: pixels)
        guard !tooMany, all <= Usage.quantityMax else { throw .countTooLarge }
        call.usage[.megapixels] = all
      }
    } else if operation.elementsEqual("video".utf8), line.has(.paramSeconds) {
      call.usage[.videoSeconds] = try CountText.parts(
        line.bytes(of: line[.paramSeconds]), decimals: 6, fractionIsRounded: true)
    } else {
      return
    }
    call.flags.insert(.fromParameters)
  }

  /// Width × height of a `size` such as `1024x1536`.
  private var pixels: Int64? {
    guard line[.size].kind == .text else { return nil }
    let sides = line.bytes(of: line[.size]).split(separator: UInt8(ascii: "x"))
    guard sides.count == 2 else { return nil }
    let lengths = sides.compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
    guard lengths.count == 2, lengths.allSatisfy({ (1...100_000).contains($0) }) else { return nil }
    return lengths[0] * lengths[1]
  }
}
