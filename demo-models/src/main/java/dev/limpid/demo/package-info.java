/**
 * The models that come with Limpid, as directories that any checkpoint reader can open.
 *
 * <p>Needs nothing but the JDK at run time; start at {@link dev.limpid.demo.DemoModels}.
 */
package dev.limpid.demo;
