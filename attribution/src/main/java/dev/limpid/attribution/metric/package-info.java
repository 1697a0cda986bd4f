/**
 * How faithful attributions are to the network: infidelity, deletion and insertion, comprehensiveness and sufficiency, for any features of a
 * {@link dev.limpid.attribution.FeatureSpace} and the values that any method gave them.
 */
package dev.limpid.attribution.metric;
