/// Tokens by modality, as Gemini lists them.
struct ModalityCounts {
  struct Side {
    var audio: Int64 = 0
    var image: Int64 = 0
    var video: Int64 = 0

    mutating func add(_ tokens: Int64, modality: UnsafeBufferPointer<UInt8>) {
      if modality.elementsEqual("AUDIO".utf8) {
        audio += tokens
      } else if modality.elementsEqual("IMAGE".utf8) {
        image += tokens
      } else if modality.elementsEqual("VIDEO".utf8) {
        video += tokens
      }
    }
  }

  var prompt = Side()
  var cached = Side()
  var answer = Side()
}
