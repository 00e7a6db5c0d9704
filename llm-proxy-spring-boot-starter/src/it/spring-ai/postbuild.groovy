String log = new File(basedir, 'build.log').text
assert log.contains('Answer: ') : 'there is no answer in the log'
assert !log.contains('Answer: null') : 'the answer is empty'
assert log =~ /Asked: \[dead, .*simulator]/ : 'the dead provider was not asked first'
