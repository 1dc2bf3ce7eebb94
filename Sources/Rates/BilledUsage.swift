import Calls

extension RateCard {
  /// The usage that this card bills, for calls whose line leaves the meter to the card.
  ///
  /// - `x-fal-billable-units` is a quantity in whatever unit the model is billed by: it fills the
  ///   card's only meter.
  /// - Usage worked out from `params` keeps the meters that the card prices: an image is billed by
  ///   the image or by the megapixel, not by both.
  ///
  /// Nil when the call's own usage stands.
  package func billedUsage(of call: Call) -> Usage? {
    if call.billableMicros >= 0, call.usage.isEmpty, let meter = onlyMeter {
      var usage = Usage()
      // Millionths are the smallest parts of some units; the others are whole.
      let perPart = 1_000_000 / meter.unit.parts
      guard call.billableMicros % perPart == 0 else { return nil }
      usage[meter] = call.billableMicros / perPart
      return usage
    }
    return call.flags.contains(.fromParameters) ? tariff.billed(ofParameters: call.usage) : nil
  }

  /// The one meter that the card prices, requests aside; nil when there are several.
  private var onlyMeter: Meter? {
    let meters = Meter.allCases.filter { $0 != .requests && tariff.base.has($0) && tariff.base.standIns[$0] == nil }
    return meters.count == 1 ? meters.first : nil
  }
}

extension Tariff {
  /// What of a usage that was worked out from `params` is billed; nil when nothing of it has a rate.
  package func billed(ofParameters stated: Usage) -> Usage? {
    var usage = Usage()
    for (meter, quantity) in stated.stated where base.has(meter) { usage[meter] = quantity }
    // Steps and minimums are an image's, not the call's: four images of half a megapixel are four megapixels.
    let images = stated[.images]
    if let rules, images > 0, usage.has(.megapixels), usage[.megapixels] % images == 0 {
      let each = rules.billed(usage[.megapixels] / images, of: .megapixels)
      let (all, tooMany) = each.multipliedReportingOverflow(by: images)
      // More than a call can use has no price.
      guard !tooMany, all <= Usage.quantityMax else { return Usage() }
      usage[.megapixels] = all
    }
    return usage.isEmpty ? nil : usage
  }
}
