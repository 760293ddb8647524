// As keystore.kt.
package android.content

abstract class ContentResolver
