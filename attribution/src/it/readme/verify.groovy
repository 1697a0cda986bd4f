// The README says what its example prints; the first line is the answer.
String log = new File(basedir, 'build.log').getText('UTF-8')
assert log.contains('BUILD SUCCESS')
assert log.readLines().contains('Paris'): 'the example did not print the answer'
assert log =~ /(?m)^paris +\+0\.\d\d\d$/: 'the example did not print an attribution for each token'
assert log.readLines().contains('cat'): 'the second example did not print what is in the photo'
byte[] png = new File(basedir, 'explained.png').bytes
assert png[1..3] == [80, 78, 71]: 'the second example drew no PNG'
assert new File(basedir, 'explained.html').getText('UTF-8').contains('Chelsea'): 'the second example wrote no page'
return true
