// The Android library: an app includes this folder as a module. src/jvmTest is not part of it: test.sh compiles and
// plays it on a JVM without Gradle.
plugins {
    id("com.android.library")
    id("org.jetbrains.kotlin.android")
}

group = "cn.zhicha"
version = "0.1.0"

// Bindings into build/generated, libraries into build/jniLibs/ABI: see native.sh for what it needs.
val native by tasks.registering(Exec::class) {
    commandLine("./native.sh")
    inputs.files(fileTree("../../ffi"), fileTree("../../sync-core"), "../../Cargo.lock", "native.sh")
    outputs.dirs("build/generated", "build/jniLibs")
}
tasks.named("preBuild") { dependsOn(native) }

android {
    namespace = "cn.zhicha"
    compileSdk = 36
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets.getByName("main") {
        manifest.srcFile("src/android/AndroidManifest.xml")
        kotlin.srcDirs("src/core/kotlin", "src/main/kotlin", "src/android/kotlin", "build/generated")
        jniLibs.srcDirs("build/jniLibs")
    }
}

kotlin { jvmToolchain(17) }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.10.2")
    implementation("net.java.dev.jna:jna:5.17.0@aar")
}
