// The Android library. `native.sh` fills build/jniLibs and build/generated before Gradle runs; test.sh compiles
// and runs everything but src/android on a JVM without Gradle.
plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.2.20"
}

android {
    namespace = "cn.zhicha"
    compileSdk = 36
    defaultConfig { minSdk = 26 }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    sourceSets.getByName("main") {
        kotlin.srcDirs("src/main/kotlin", "src/android/kotlin", "build/generated")
        jniLibs.srcDirs("build/jniLibs")
    }
}

kotlin { jvmToolchain(17) }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.10.2")
    implementation("net.java.dev.jna:jna:5.17.0@aar")
    testImplementation("net.java.dev.jna:jna:5.17.0")
    testImplementation(kotlin("test-junit"))
    testImplementation("com.google.code.gson:gson:2.13.1")
}
