// The README says what its example prints; the first line is the answer.
String log = new File(basedir, 'build.log').getText('UTF-8')
assert log.contains('BUILD SUCCESS')
assert log.readLines().contains('Paris'): 'the example did not print the answer'
assert log =~ /(?m)^paris +\+0\.\d\d\d$/: 'the example did not print an attribution for each token'
return true
