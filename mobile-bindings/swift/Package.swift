// swift-tools-version: 5.10
// `generate.sh` makes generated/ZhichaCore and build/ZhichaFFI.xcframework; neither is kept in the repository.
import PackageDescription

let package = Package(
    name: "Zhicha",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [.library(name: "Zhicha", targets: ["Zhicha"])],
    targets: [
        .binaryTarget(name: "ZhichaFFI", path: "build/ZhichaFFI.xcframework"),
        .target(name: "ZhichaCore", dependencies: ["ZhichaFFI"], path: "generated/ZhichaCore"),
        .target(name: "Zhicha", dependencies: ["ZhichaCore"]),
    ]
)
