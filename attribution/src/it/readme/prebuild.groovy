// The README's lines, word for word: its dependencies into the pom, its classes into source files.
String readme = new File(limpidRoot, 'README.md').getText('UTF-8')

String block(String text, String language, String containing) {
    String found = text.split('```').find { it.startsWith(language + '\n') && it.contains(containing) }
    assert found != null: "README.md has no $language block with $containing"
    return found.substring(language.length() + 1)
}

File pom = new File(basedir, 'pom.xml')
String before = pom.getText('UTF-8')
String after = before.replaceFirst(/(?m)^\s*<!-- README -->\s*$/, java.util.regex.Matcher.quoteReplacement(block(readme, 'xml', '<dependency>')))
assert after != before: 'the pom has no place for the dependencies'
pom.setText(after, 'UTF-8')

['Explain', 'ExplainPicture'].each { name ->
    File source = new File(basedir, "src/main/java/${name}.java")
    source.parentFile.mkdirs()
    source.setText(block(readme, 'java', "class $name "), 'UTF-8')
}
return true
