/**
 * What the runnable jars start with: finds a Java that can run them.
 *
 * <p>Compiled for Java 17, so that an older Java says what is missing instead of {@code UnsupportedClassVersionError}.
 */
package dev.limpid.launch;
