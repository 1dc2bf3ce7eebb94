/// A value that is made on one thread and used on another, never by both at once.
final class Confined<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
